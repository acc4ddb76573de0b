// What is more comfortable with JavaScript. Every page works without it, and nothing here decides.
'use strict';

// Buttons that only scripts can serve.
for (const button of document.querySelectorAll('[data-copy]')) {
  button.hidden = !navigator.clipboard;
  button.addEventListener('click', async () => {
    const items = document.getElementById(button.dataset.copy).querySelectorAll('li');
    await navigator.clipboard.writeText([...items].map((item) => item.innerText).join('\n'));
    button.textContent = 'Copied';
  });
}
for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => window.print());
}

// A second click would send the same code again, and be told that it was used.
for (const form of document.querySelectorAll('form')) {
  form.addEventListener('submit', () => {
    const buttons = form.querySelectorAll('button');
    setTimeout(() => buttons.forEach((button) => { button.disabled = true; }));
  });
}
// Back from the history, the page is as it was left.
window.addEventListener('pageshow', () => {
  document.querySelectorAll('button:disabled').forEach((button) => { button.disabled = false; });
});

// "Try again in 30 seconds": says when they are over.
for (const text of document.querySelectorAll('[data-wait]')) {
  setTimeout(() => { text.textContent = 'You can try again now.'; }, 1000 * text.dataset.wait);
}
