// The camera button beside a scan field (data-camera); it stays hidden where the browser reads no barcodes.
export const camera = submit => {
  const buttons = document.querySelectorAll('[data-camera]');
  if (!buttons.length || !('BarcodeDetector' in window) || !navigator.mediaDevices) return;
  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener('click', () => look(submit));
  }
};

const look = async submit => {
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
  } catch {
    return;                                   // the user said no: the field is still there
  }
  const dialog = document.createElement('dialog'), video = document.createElement('video'), close = document.createElement('button');
  dialog.className = 'ct-dialog ct-camera';
  dialog.setAttribute('aria-label', 'Scan with the camera');
  close.className = 'btn';
  close.textContent = 'Close';
  close.addEventListener('click', () => dialog.close());
  video.srcObject = stream;
  video.playsInline = true;
  dialog.append(video, close);
  dialog.addEventListener('close', () => { stream.getTracks().forEach(track => track.stop()); dialog.remove(); });
  document.body.append(dialog);
  dialog.showModal();
  await video.play();
  const detector = new BarcodeDetector();
  while (dialog.open) {
    const [found] = await detector.detect(video).catch(() => []);
    if (found) {
      dialog.close();
      submit(found.rawValue);
      return;
    }
    await new Promise(done => setTimeout(done, 150));
  }
};
