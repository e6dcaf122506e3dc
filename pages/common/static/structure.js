// <a><img data-structure></a>: where the structure cannot be drawn, the server's sentence stands in the place of both.
const explain = async picture => {
  const answer = await fetch(picture.src);
  if (!(answer.headers.get('Content-Type') ?? '').startsWith('text/plain')) return;
  const sentence = document.createElement('p');
  sentence.className = 'ct-soft m-0';
  sentence.textContent = await answer.text();
  const frame = document.createElement('div');
  frame.className = picture.parentElement.className;
  frame.append(sentence);
  picture.parentElement.replaceWith(frame);
};

document.querySelectorAll('img[data-structure]').forEach(picture => {
  if (picture.complete && !picture.naturalWidth) explain(picture);
  else picture.addEventListener('error', () => explain(picture), { once: true });
});
