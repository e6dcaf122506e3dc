-- Sends the requests of the file BENCH_REQUESTS, drawn at random: a line each, METHOD, target, token and body parted by tabs.
-- A POST carries a new Idempotency-Key each time. Prints, last, one line of JSON.
local service, cookie = os.getenv("BENCH_SERVICE"), os.getenv("BENCH_COOKIE")
local requests, first_refusal, sent = {}, nil, 0
math.randomseed(os.time())
local run = math.random(1, 2 ^ 31 - 1)
for line in io.lines(os.getenv("BENCH_REQUESTS")) do
  local method, target, token, body = line:match("^(%u+)\t([^\t]+)\t([^\t]*)\t(.*)$")
  requests[#requests + 1] = {method = method, target = target, token = token, body = body}
end

function request()
  local chosen = requests[math.random(#requests)]
  local headers = {["X-Chemtrack-Service"] = service, ["Authorization"] = "Bearer " .. chosen.token}
  if cookie ~= "" then headers["Cookie"] = cookie end
  if chosen.method == "POST" then
    sent = sent + 1
    headers["Content-Type"] = "application/json"
    headers["Idempotency-Key"] = string.format("bench-%d-%d", run, sent)
  end
  return wrk.format(chosen.method, chosen.target, headers, chosen.body)
end

local threads = {}
function setup(thread) table.insert(threads, thread) end
function init() refused, example = 0, "" end
function response(status, headers, body)
  if status < 200 or status > 299 then
    refused = refused + 1
    if example == "" then example = status .. " " .. body:sub(1, 300) end
  end
end

function done(summary, latency)
  local refused, example = 0, ""
  for _, thread in ipairs(threads) do
    refused = refused + thread:get("refused")
    if example == "" then example = thread:get("example") end
  end
  local errors = summary.errors
  io.write(string.format('{"requests": %d, "seconds": %.6f, "p50": %.3f, "p99": %.3f, "refused": %d, "lost": %d, "example": "%s"}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, refused,
    errors.connect + errors.read + errors.write + errors.timeout, (example:gsub('[\\"%c]', " "))))
end
