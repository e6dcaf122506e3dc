// The scan field (data-scan): has the focus, is emptied after each scan, and gets a scan wherever it lands.
import { giveBack, read, underWay } from './burst.js';
import { camera } from './camera.js';

const field = () => document.querySelector('[data-scan]');
// Where Enter in the form does something else than looking for a scan, the form has a button for that.
const button = () => field()?.form?.querySelector('[data-scan-button]');
const dialogIsOpen = () => document.querySelector('dialog[open]');

// On a phone the focus must not raise the keyboard; a tap on the field asks for it.
const quiet = element => {
  if (!element || !matchMedia('(pointer: coarse)').matches) return;
  element.inputMode = 'none';
  element.addEventListener('pointerdown', () => { element.inputMode = 'search'; });
  element.addEventListener('blur', () => { element.inputMode = 'none'; });
};

const submit = text => {
  const target = field() ?? document.getElementById('q');
  if (!target) return;
  target.value = text;
  target.focus();
  target.dispatchEvent(new Event('input', { bubbles: true }));
  if (target === field() && button()) look();
  else target.form?.requestSubmit();
};

// The button looks for one scan at a time; what is scanned meanwhile waits its turn.
let flying = null, sent = '';
const waiting = [];
const look = () => {
  const scan = field();
  if (!scan.value.trim()) return;
  if (!flying) return button().click();
  waiting.push(scan.value);
  scan.value = '';
};

document.addEventListener('keydown', event => {
  const scan = read(event);
  if (event.key === 'Escape' && !dialogIsOpen()) field()?.focus();
  // The focus may have come here while the scan was typing: its first characters began elsewhere.
  if (scan && document.activeElement === field()) field().value = scan.text;
  if (event.key === 'Enter' && document.activeElement === field() && button()) {
    event.preventDefault();
    return look();
  }
  if (!scan || document.activeElement === field() || dialogIsOpen()?.querySelector('[data-scan]')) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (scan.fellInto) giveBack(scan.fellInto);
  submit(scan.text);
}, true);

let sound;
const play = hit => {
  try {
    sound ??= new AudioContext();
    const tone = sound.createOscillator(), loud = sound.createGain();
    tone.frequency.value = hit ? 1320 : 220;
    loud.gain.value = 0.08;
    tone.connect(loud).connect(sound.destination);
    tone.start();
    tone.stop(sound.currentTime + (hit ? 0.07 : 0.22));
  } catch { /* a browser without sound: the edge and the words say the same */ }
};

// An answer of the server says data-sound="hit" or "miss".
const answered = root => {
  const said = root.querySelector?.('[data-sound]') ?? (root.matches?.('[data-sound]') ? root : null);
  if (!said) return;
  const result = said.dataset.sound, box = field()?.closest('.ct-scan');
  said.removeAttribute('data-sound');
  play(result === 'hit');
  box?.classList.remove('hit', 'miss');
  box?.classList.add(result);
  setTimeout(() => box?.classList.remove(result), 1200);
};

// The field is empty as soon as its scan has left, so that the next one falls into an empty field.
const isOfScan = element => field() && [field(), field().form, button()].includes(element);
document.addEventListener('htmx:beforeSend', event => {
  if (!isOfScan(event.detail.elt)) return;
  flying = event.detail.elt;
  sent = field().value;
  field().value = '';
});
document.addEventListener('htmx:afterRequest', event => {
  if (event.detail.elt !== flying) return;
  flying = null;
  if (!isOfScan(event.detail.elt)) return;              // the answer brought another field
  if (!event.detail.successful) field().value ||= sent;
  else if (!waiting.length) field().focus();
  else setTimeout(lookForNext);                         // when htmx has done with this one
});
const lookForNext = () => {
  const scan = field(), typed = scan.value;
  scan.value = waiting.shift();
  button().click();
  scan.value = typed;
};

// The answer says where typing goes on; a scan that is under way goes first.
const goOn = element => {
  if (underWay()) setTimeout(goOn, 60, element);
  else if (element.isConnected) element.focus();
};
document.addEventListener('htmx:load', event => {
  answered(event.detail.elt);
  quiet(event.detail.elt.querySelector?.('[data-scan]'));
  const next = event.detail.elt.querySelector?.('[data-focus]') ?? (event.detail.elt.matches?.('[data-scan-next]') ? field() : null);
  if (next) setTimeout(goOn, 0, next);                  // after the scan field took it back
});

answered(document.body);
quiet(field());
camera(submit);
