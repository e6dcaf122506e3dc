// The scan field (data-scan) has the focus, is emptied after each scan, and receives scans that were typed into other fields. Scans
// wait in a queue and are looked up one at a time, so that none is lost while the answer to the previous scan is on its way.
import { read, underWay } from './burst.js';
import { camera } from './camera.js';
import { isTyping, successor } from './carry.js';
import { readings } from './layouts.js';
import { ask, say } from './questions.js';
import { answered } from './sounds.js';

const RETRY = 2000;                 // milliseconds
const openDialog = () => document.querySelector('dialog[open]');
const field = () => (openDialog() ?? document).querySelector('[data-scan]');
// The button that looks up the scan, in forms where Enter submits something else.
const button = () => field()?.form?.querySelector('[data-scan-button]');
const byHtmx = element => element?.matches('[hx-post], [hx-get]');
const pause = time => new Promise(done => { setTimeout(done, time); });

// On a phone the focus must not raise the keyboard; a tap on the field asks for it.
const quiet = element => {
  if (!element || !matchMedia('(pointer: coarse)').matches) return;
  element.inputMode = 'none';
  element.addEventListener('pointerdown', () => { element.inputMode = 'search'; });
  element.addEventListener('blur', () => { element.inputMode = 'none'; });
};

// ── one after the other ──
let turn = Promise.resolve(), inTurn = 0;
const onTheirWay = new Map();       // the form of each request that has no answer yet
const queue = work => {
  inTurn += 1;
  turn = turn.then(work).catch(error => say(`A scan was not looked for: ${error.message ?? error}. Scan it again.`)).then(() => { inTurn -= 1; });
};
document.addEventListener('htmx:beforeSend', event => { onTheirWay.set(event.detail.xhr, event.detail.elt.closest('form')); });
document.addEventListener('htmx:afterRequest', event => { onTheirWay.delete(event.detail.xhr); });
const isOnItsWay = form => [...onTheirWay.values()].includes(form);

// The button that has replaced `button` after an answer, or `button` itself; null if the answer has no button like it.
const sameButton = button => (button.isConnected ? button
  : [...field()?.form?.elements ?? []].find(one => one.type === 'submit' && one.name === button.name && one.value === button.value) ?? null);

// A form submitted while scans wait in the queue is held back until they are done; otherwise it would go without them. So is a form
// whose previous request has no answer yet: the answer replaces the form, and htmx forgets what waits in the form that has gone.
document.addEventListener('submit', event => {
  const { submitter, target: form } = event;
  if (form !== field()?.form || form.method === 'dialog' || (!inTurn && !isOnItsWay(form))) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  turn = turn.then(async () => {
    while (isOnItsWay(form)) await pause(20);
    if (submitter) sameButton(submitter)?.click();
    else if (form.isConnected) form.requestSubmit();
  });
}, true);

// ── looking up a scan ──
const send = async text => {
  const scan = field(), form = scan.form, by = button() ?? form;
  const [verb, path] = ['post', 'get'].flatMap(verb => [by, form].map(one => [verb, one.getAttribute(`hx-${verb}`)])).find(one => one[1]);
  const values = new FormData(form);
  values.set(scan.name, text);
  if (by.name) values.set(by.name, by.value);
  let status = 0;
  const learn = event => { if (event.detail.requestConfig?.elt === by) status = event.detail.xhr?.status ?? 0; };
  document.addEventListener('htmx:afterRequest', learn);
  await window.htmx.ajax(verb, path, { source: by, values }).catch(() => {});
  document.removeEventListener('htmx:afterRequest', learn);
  return status;
};

const look = async text => {
  while (underWay() || onTheirWay.size) await pause(20);
  const scan = field();
  if (!scan) return;
  if (scan.matches('[data-scan=fill]')) return fill(scan, text);
  if (!byHtmx(button()) && !byHtmx(scan.form)) {
    scan.value = text;
    scan.form.requestSubmit();
    return pause(RETRY);            // the browser is leaving this page
  }
  for (let told = null;;) {
    const status = await send(text);
    if (status && ![401, 502, 503, 504].includes(status)) return;
    if (told !== status) say(`“${text}” waits: ${status === 401 ? 'sign in again' : 'the inventory cannot be reached'}.`);
    told = status;
    await pause(RETRY);             // sending again is safe: adding a line twice, or counting twice, changes nothing
  }
};

// data-scan="fill": the scanned code is only written into the field, and the person sends the form.
const fill = (scan, text) => {
  const choice = scan.form.querySelector('input[type=radio][value=container]');
  if (choice && !choice.checked) choice.click();
  scan.value = text;
  scan.focus();
};

// On a page without a scan field, a scan focuses the bottle's line on this page, or else opens the bottle's own page.
const TYPED = 'main form[method=post] :is(input:not([type=hidden], [type=checkbox], [type=radio]), textarea)';
const isChanged = () => [...document.querySelectorAll(TYPED)].some(one => one.value !== one.defaultValue);
const lineOf = text => [...document.querySelectorAll('main .ct-code')].find(code => code.textContent.trim().toUpperCase() === text.trim().toUpperCase())
  ?.closest('li, tr, form')?.querySelector('input:not([type=hidden]), textarea');
const open = async text => {
  const line = lineOf(text), search = document.getElementById('q');
  if (line) return line.focus();
  if (openDialog()) return say(`“${text}” was scanned. Close this first.`);
  if (!search) return;
  if (isChanged() && !await ask(`“${text}” was scanned. Open it?`, 'What is typed on this page is not saved.', 'Open it', 'Stay here')) return;
  search.value = text;
  search.form.requestSubmit();
};
// The code that a scanner meant, where its keyboard and the computer's may differ: the lab's barcodes decide between two readings.
const readAs = async (text, meant) => {
  const { sure, both } = readings(text, meant);
  if (sure !== null) return sure;
  const code = await known(both.map(text => ({ text })));
  if (code) return code.text;
  say(`“${text}” may be “${meant}”: the scanner seems to be set to another keyboard than this computer.`);
  return text;
};
const focus = () => { if (!field()?.matches('[data-scan=fill]')) field()?.focus(); };
const follow = async (text, meant) => {
  const code = await readAs(text, meant);
  return field() ? look(code) : open(code);
};
const taken = (text, meant) => {
  focus();
  queue(() => follow(text, meant));
};

// ── did a person or a scanner type? ──
// The code that is on a container of this lab, as { text, name }; null if there is none; undefined if the server did not answer.
const known = async codes => {
  const lab = location.pathname.split('/')[2];
  const where = `/chemicals/${encodeURIComponent(lab)}/scanned?${new URLSearchParams(codes.map(code => ['code', code.text]))}`;
  const answer = await fetch(where, { headers: { Accept: 'application/json' } }).catch(() => null);
  if (!answer?.ok || !answer.headers.get('Content-Type')?.startsWith('application/json')) return undefined;
  const container = await answer.json();
  return container && { ...codes[container.place], name: container.chemical_name };
};

// Does for `element` (a field, link or button) what Enter would have done.
const enter = element => {
  const first = element.form && [...element.form.elements].find(one => one.type === 'submit');
  if (!element.matches('input, select')) element.matches('a, button, summary') && element.click();
  else if (first) first.click();
  else element.form?.requestSubmit();
};

// Decides about keys that a person or a scanner may have typed, and asks where in doubt. `isHeld`: Enter was held back and the keys
// are already removed from their field.
const judge = async (run, element, text, isHeld) => {
  const meant = run.codes.filter(code => code.meant !== undefined && code.meant !== code.text).map(code => ({ ...code, text: code.meant }));
  let code = await known([...run.codes, ...meant]);
  // Outside of a field, and in the search, a barcode means the same whoever typed it.
  const isPlain = !element.matches('input, textarea, select') || element.id === 'q';
  const usual = run.codes[run.usual], isFast = run.isSure || run.isFast;
  const isMeant = (title, text) => isPlain || ask(title, text, 'Yes, it was scanned', 'No, I typed it');
  if (code && !isFast && !await isMeant(`${code.text} is a bottle: did you scan it?`, code.name)) code = null;
  else if (!code && run.isSure) code = usual;
  else if ((code === undefined || (code === null && run.isFast)) && await isMeant(`Did you scan “${usual.text}”?`, 'It came as fast as from a scanner.')) code = usual;
  if (code) {
    run.takeOut(code.from);         // what a person had typed before is put back
    focus();
    return follow(code.text, code.name === undefined ? code.meant : undefined);       // now: later scans wait behind this one
  }
  if (!isHeld) return;
  const place = element && successor(element);
  if (!place) return;
  if (text !== undefined) {
    place.value = text;
    place.dispatchEvent(new Event('input', { bubbles: true }));
  }
  place.focus();
  setTimeout(enter, 0, place);      // after the queue has moved on, so that the submit handler above lets the form go
};

document.addEventListener('keydown', event => {
  const run = read(event), scan = field(), element = document.activeElement;
  if (event.key === 'Escape' && !openDialog()) scan?.focus();
  if (scan && element === scan && (event.key === 'Enter' || run)) {
    const [whole] = run?.codes ?? [];
    if (whole && run.began(whole.from) !== scan) {
      run.takeOut(whole.from);      // the focus moved here in the middle of the scan, from another field or from none
      scan.value = whole.text;
    }
    const typed = scan.value.trim() || (whole?.text ?? '').trim();
    const meant = whole && (run.isAll(whole.from) || typed === whole.text) ? whole.meant : undefined;
    if (scan.matches('[data-scan=fill]') || (!byHtmx(button()) && !byHtmx(scan.form))) {
      scan.value = readings(typed, meant).sure ?? typed;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    scan.value = '';
    if (typed) queue(async () => look(await readAs(typed, meant)));
    return;
  }
  if (!run || (!scan && !openDialog() && !document.getElementById('q'))) return;
  const text = element.value;
  const isHeld = event.key === 'Enter' && !element.matches('textarea');
  if (isHeld || run.isSure) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
  if (run.isSure && run.codes.length === 1) {
    run.takeOut(0);
    return taken(run.codes[0].text, run.codes[0].meant);
  }
  if (isHeld || run.isSure) run.takeOut(run.codes[run.usual].from);
  queue(() => judge(run, element, text, isHeld || run.isSure));
}, true);

// ── after an answer of the server ──
// Moves the focus to the field that the answer names, but not while a scan is being typed.
const goOn = element => {
  if (underWay()) setTimeout(goOn, 60, element);
  else if (element.isConnected && !isTyping()) element.focus();
};
document.addEventListener('htmx:load', event => {
  const { elt } = event.detail;
  answered(elt, field()?.closest('.ct-scan'));
  quiet(elt.querySelector?.('[data-scan]'));
  const next = elt.querySelector?.('[data-focus]') ?? (elt.matches?.('[data-scan-next]') ? field() : null);
  if (next) setTimeout(goOn, 0, next);
});

// The button of macro `unknown`: what was said of the scan goes, and the next scan can come.
document.addEventListener('click', event => {
  if (!event.target.matches?.('[data-ignore]')) return;
  event.target.closest('[role=status]')?.replaceChildren();
  field()?.focus();
});

answered(document.body, field()?.closest('.ct-scan'));
quiet(field());
camera(taken);
