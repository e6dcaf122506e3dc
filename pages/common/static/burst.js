// Tells a scanner from a person by how the keys come. A keyboard-wedge scanner types each key within GAP of the one before and ends
// with Enter or Tab. The times are the events' own: on a busy machine a script learns of a key late, and one key may come late.
import { successor } from './carry.js';
import { american } from './layouts.js';

export const GAP = 60;              // milliseconds
const DOUBTFUL = 100;               // milliseconds: fast for a person, slow for a scanner
const STALL = 250;                  // a longer gap is blamed on a busy machine that held back a key
const PAUSE = 500;                  // a key after a longer pause begins a new run
const SURE = 7;                     // keys: no person types this many at a scanner's speed
const SHORT = 3;                    // keys: a shorter run may come from a person or from a scanner
let keys = [], last = 0, quietUntil = 0, burst = { from: 0, to: 0 };

const field = () => {
  const element = document.activeElement;
  return element?.matches?.('input, textarea, select') && !element.readOnly ? element : null;
};

// The codes that a run of keys may hold, or null. `codes`: the possible codes, the longest first, as { text, meant, from }, where `meant`
// is what an American keyboard would have typed. `isSure`: the run came from a scanner. `usual`: the index in `codes` to take where the
// lab's barcodes do not decide. `isFast`: no key came late.
const found = (run, pause) => {
  const gaps = [...run.slice(1).map((key, place) => key.at - run[place].at), pause];
  const starts = [...run.keys()].filter(place => place === 0 || gaps[place - 1] > GAP);
  const may = starts.filter(start => {
    const within = gaps.slice(start);
    return (start === 0 || run.length - start >= SHORT) && 2 * within.filter(gap => gap <= DOUBTFUL).length >= within.length;
  });
  if (!may.length) return null;
  const stall = gaps.slice(0, -1).findLastIndex(gap => gap > STALL) + 1;
  return {
    codes: may.map(from => {
      const keys = run.slice(from), meant = keys.every(key => key.meant !== undefined) ? keys.map(key => key.meant).join('') : undefined;
      return { text: keys.map(key => key.key).join(''), meant, from };
    }),
    usual: Math.max(may.findIndex(from => from >= stall), 0),
    isSure: gaps.filter(gap => gap <= GAP).length >= SURE,
    isFast: run.length >= SHORT && gaps.every(gap => gap <= GAP),
    // Removes the keys from index `from` on, from the fields they were typed into or from the fields that replaced those.
    takeOut: from => {
      const before = new Map();
      for (const key of run.slice(from)) {
        const into = key.field && successor(key.field);
        if (into && !before.has(into)) before.set(into, key.value);
      }
      before.forEach((value, element) => {
        element.value = value;
        element.dispatchEvent(new Event('input', { bubbles: true }));
      });
    },
    began: from => run[from].field,
    isAll: from => run[from].value === '',        // nothing stood in the field before
  };
};

// GS, which ends the lot in a manufacturer's code, comes as Ctrl+]. No field takes that key, so the character is put in here.
const separate = at => {
  const into = field();
  keys.push({ key: '\x1d', meant: '\x1d', at, field: into, value: into?.value });
  last = at;
  if (into?.selectionStart != null) into.setRangeText('\x1d', into.selectionStart, into.selectionEnd, 'end');
};

// To be called with each keydown, before any other handler. Returns the result of `found` when this key ends a run, else null.
export const read = event => {
  const isThirdLevel = event.getModifierState?.('AltGraph');      // AltGr: on Windows it is Ctrl and Alt too
  const at = event.timeStamp, gap = at - last;
  if (document.activeElement?.type === 'password') keys = [];
  else if (event.key === 'Enter' || event.key === 'Tab') {
    const ended = keys.length && gap <= PAUSE && !event.shiftKey ? found(keys, gap) : null;
    if (gap < GAP && keys.length) quietUntil = at + 2 * GAP;
    if (gap < GAP && keys.length > 1) burst.to = at;
    keys = [];
    last = at;
    return ended;
  } else if ((event.ctrlKey && !isThirdLevel) || event.metaKey) {
    // A scanner may send a separator as Ctrl and a letter.
    if (keys.length > 1 && gap < GAP) {
      event.preventDefault();
      if (event.key === ']' || event.code === 'BracketRight') separate(at);
    } else if (event.key.length === 1) keys = [];
  } else if ((event.key.length === 1 || event.key === 'Dead') && (!event.altKey || isThirdLevel) && !event.repeat) {
    if (gap > PAUSE) keys = [];
    if (keys.length && gap < GAP) {
      quietUntil = at + 2 * GAP;
      burst = { from: burst.to === last ? burst.from : last, to: at };
    }
    const into = field();
    // A dead key (` and ^ of a German keyboard) has typed nothing yet.
    keys.push({ key: event.key === 'Dead' ? '' : event.key, meant: american(event), at, field: into, value: into?.value });
    last = at;
  } else if (!['Shift', 'CapsLock', 'AltGraph', 'Alt', 'Control', 'Meta'].includes(event.key)) keys = [];
  return null;
};

// Whether a scanner may be typing now or has just ended. Its keys must not be read as keyboard shortcuts.
export const underWay = () => performance.now() < quietUntil;

// Whether the key pressed at time `at` belongs to a burst. On a busy machine this is known only some time after the key.
export const ofBurst = at => at >= burst.from && at <= burst.to;
