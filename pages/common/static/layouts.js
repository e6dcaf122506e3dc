// A scanner that types as an American keyboard, on a computer with a German or French one: CT-0042 arrives as CTß0042 or as CT)àà'é.
// Each key event also says which key it was, wherever that key stands (event.code), so the text can be read as it was meant.
const PLAIN = {
  Minus: '-', Equal: '=', BracketLeft: '[', BracketRight: ']', Backslash: '\\', Semicolon: ';', Quote: "'", Backquote: '`', Comma: ',',
  Period: '.', Slash: '/', Space: ' ',
};
const SHIFTED = {
  Digit1: '!', Digit2: '@', Digit3: '#', Digit4: '$', Digit5: '%', Digit6: '^', Digit7: '&', Digit8: '*', Digit9: '(', Digit0: ')',
  Minus: '_', Equal: '+', BracketLeft: '{', BracketRight: '}', Backslash: '|', Semicolon: ':', Quote: '"', Backquote: '~', Comma: '<',
  Period: '>', Slash: '?', Space: ' ',
};

// What the key types on an American keyboard; undefined for a key that types nothing there, or where the browser does not say which it was.
export const american = ({ code, shiftKey }) => {
  const [, letter] = /^Key([A-Z])$/.exec(code) ?? [], [, digit] = /^(?:Digit|Numpad)(\d)$/.exec(code) ?? [];
  if (letter) return shiftKey ? letter : letter.toLowerCase();
  if (shiftKey && SHIFTED[code]) return SHIFTED[code];
  return digit ?? PLAIN[code];
};

// What our barcodes, locations, addresses of labels and manufacturers' codes can be.
const CODES = [/^[a-z0-9][a-z0-9._:+-]*$/i, /^https?:\/\/[a-z0-9.:-]+\/c\/[a-z0-9-]+\/[a-z0-9._:+-]+$/i, /^\][a-z][0-9a-z]/i, /^\d{8}[\x1d-~]*$/];
const canBe = text => CODES.some(code => code.test(text));

// The readings that a scanned text may have: as it arrived, and as an American keyboard would have typed it. `sure` is the only one that
// is a code; null where both may be, or none is.
export const readings = (typed, meant) => {
  if (meant === undefined || meant === typed) return { sure: typed, both: [typed] };
  const can = [typed, meant].filter(canBe);
  return { sure: can.length === 1 ? can[0] : null, both: [typed, meant] };
};
