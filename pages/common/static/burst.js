// Tells a scanner from a person. A keyboard-wedge scanner types more than 6 characters, each within 60 ms of the one before,
// and ends with Enter. A held key repeats as fast, so repeats do not count.
export const GAP = 60;
const LEAST = 7;
let text = '', last = 0, began = 0, fellInto = null, quietUntil = 0, burst = { from: 0, to: 0 };

const editable = element => element?.matches?.('input, textarea') && !element.readOnly;

const remember = () => {
  const element = document.activeElement;
  return editable(element) ? { element, value: element.value } : null;
};

// Takes each keydown, before anything else does. Returns the scan and the field it fell into when this Enter ends one.
export const read = event => {
  const now = event.timeStamp, quick = now - last < GAP;
  last = now;
  if (event.key === 'Enter') {
    const scan = quick && text.length >= LEAST ? { text, fellInto } : null;
    if (quick && text) quietUntil = now + 2 * GAP;
    if (quick && text.length > 1) burst = { from: began, to: now };
    text = '';
    return scan;
  }
  if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey || event.repeat) {
    if (event.key !== 'Shift') text = '';
    return null;
  }
  if (!quick || !text) {
    text = '';
    began = now;
    fellInto = remember();
  }
  text += event.key;
  if (text.length > 1) {
    quietUntil = now + 2 * GAP;
    burst = { from: began, to: now };
  }
  return null;
};

// Whether a burst may be under way, or has just ended: what it typed is no shortcut.
export const underWay = () => performance.now() < quietUntil;

// Whether a key was typed by a burst: on a busy machine one may learn it late.
export const ofBurst = at => at >= burst.from && at <= burst.to;

export const giveBack = ({ element, value }) => {
  element.value = value;
  element.dispatchEvent(new Event('input', { bubbles: true }));
};
