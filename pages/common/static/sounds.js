// Plays the sound that an answer of the server names in data-sound: "hit" when something was counted or added, "found" when a container
// was found and the person has to enter more, "miss" when nothing was found. The edge of the scan field takes the matching colour.
const TONES = { hit: [1320, 0.07], found: [880, 0.04], miss: [220, 0.22] };
let sound;

// Felt on a phone where it is too loud to hear. A page that nobody has touched yet may not vibrate.
const shake = result => {
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(result === 'miss' ? [60, 50, 60] : 40);
};

const play = result => {
  const [pitch, seconds] = TONES[result] ?? TONES.miss;
  try {
    sound ??= new AudioContext();
    const tone = sound.createOscillator(), loud = sound.createGain();
    tone.frequency.value = pitch;
    loud.gain.value = 0.08;
    tone.connect(loud).connect(sound.destination);
    tone.start();
    tone.stop(sound.currentTime + seconds);
  } catch { /* a browser without sound: the edge and the words say the same */ }
};

export const answered = (root, box) => {
  const teller = root.querySelector?.('[data-sound]') ?? (root.matches?.('[data-sound]') ? root : null);
  if (!teller) return;
  const result = teller.dataset.sound, edge = result === 'miss' ? 'miss' : 'hit';
  teller.removeAttribute('data-sound');
  play(result);
  shake(result);
  box?.classList.remove('hit', 'miss');
  box?.classList.add(edge);
  setTimeout(() => box?.classList.remove(edge), 1200);
};
