// The camera button beside a scan field (data-camera). Safari, Firefox and most Chromium read no barcodes by themselves: they get zxing-cpp,
// compiled to WebAssembly, from the page's own server, when the camera is first opened.
import { say } from './questions.js';

const PAUSE = 150;                            // milliseconds between two looks
let fetched;                                  // the promise of the reader from the server

const fromServer = button => {
  fetched ??= new Promise((done, failed) => {
    const script = document.createElement('script');
    script.src = button.dataset.camera;
    script.addEventListener('load', () => {
      const { BarcodeDetector, prepareZXingModule } = window.BarcodeDetectionAPI;
      prepareZXingModule({ overrides: { locateFile: () => button.dataset.wasm } });
      done(BarcodeDetector);
    });
    script.addEventListener('error', failed);
    document.head.append(script);
  });
  fetched.catch(() => { fetched = undefined; });
  return fetched;
};

// A browser's own reader is taken where it reads manufacturers' codes, too.
const reader = async button => {
  const known = await window.BarcodeDetector?.getSupportedFormats().catch(() => []) ?? [];
  const Detector = known.includes('data_matrix') ? window.BarcodeDetector : await fromServer(button);
  return new Detector();
};

export const camera = submit => {
  if (!navigator.mediaDevices) return;        // the browser grants no camera without HTTPS
  const show = part => {
    for (const button of part.querySelectorAll('[data-camera]')) button.hidden = false;
  };
  show(document);
  document.addEventListener('htmx:load', event => show(event.detail.elt.parentNode ?? event.detail.elt));  // an answer has brought another field
  document.addEventListener('click', event => {
    const button = event.target.closest('[data-camera]');
    if (button) look(button, submit);
  });
};

const look = async (button, submit) => {
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
  } catch (error) {
    if (error.name !== 'NotAllowedError') say('No camera was found.');
    return;                                   // the user allowed no camera, and can still type
  }
  const [track] = stream.getVideoTracks();
  const dialog = document.createElement('dialog'), video = document.createElement('video'), foot = document.createElement('footer');
  dialog.className = 'ct-dialog ct-camera';
  dialog.setAttribute('aria-label', 'Scan with the camera');
  const press = (text, act) => {
    const made = document.createElement('button');
    made.type = 'button';
    made.className = 'btn';
    made.textContent = text;
    made.addEventListener('click', () => act(made));
    foot.append(made);
  };
  if (track.getCapabilities?.().torch) {
    press('Light', async made => {
      const on = made.getAttribute('aria-pressed') !== 'true';
      await track.applyConstraints({ advanced: [{ torch: on }] }).then(() => made.setAttribute('aria-pressed', on), () => { made.hidden = true; });
    });
  }
  press('Close', () => dialog.close());
  video.srcObject = stream;
  video.playsInline = true;
  video.muted = true;
  dialog.append(video, foot);
  dialog.addEventListener('close', () => { stream.getTracks().forEach(one => one.stop()); dialog.remove(); });
  document.body.append(dialog);
  dialog.showModal();
  try {
    await video.play();
    const detector = await reader(button);
    while (dialog.open) {
      const [found] = await detector.detect(video);
      if (found) {
        dialog.close();
        return submit(found.rawValue);
      }
      await new Promise(done => { setTimeout(done, PAUSE); });
    }
  } catch (error) {
    if (!dialog.open) return;                 // it was closed while it started
    dialog.close();
    say(`The camera reads no codes in this browser: ${error.message ?? 'its reader was not loaded'}.`);
  }
};
