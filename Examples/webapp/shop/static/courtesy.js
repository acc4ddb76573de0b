// What is more comfortable with JavaScript. Every page works without it, and nothing here decides.
'use strict';

// Buttons that only scripts can serve.
for (const button of document.querySelectorAll('[data-copy]')) {
  button.hidden = !navigator.clipboard;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).dataset.plain);
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

// Times where the reader is. Without scripts they are in UTC, and say so.
const styles = {
  moment: { day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit',
    timeZoneName: 'short' },
  day: { day: 'numeric', month: 'long', year: 'numeric' },
};
for (const time of document.querySelectorAll('time[data-local]')) {
  const style = new Intl.DateTimeFormat('en-GB', styles[time.dataset.local]);
  time.title = time.textContent;
  time.textContent = style.format(new Date(time.dateTime));
}

// The QR code stays in sight: the field gets the keyboard and the page does not move.
document.querySelector('[data-focus]')?.focus({ preventScroll: true });

// The page answers a form that must not be sent again: a reload leads to the address of its state.
const { address } = document.querySelector('main').dataset;
if (address) history.replaceState(null, '', address);
