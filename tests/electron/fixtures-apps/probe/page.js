window.fromPage = 1;
window.received = [];
window.addEventListener('message', (event) => {
  const [port] = event.ports;
  if (!port) return;
  window.port = port;
  port.addEventListener('message', (message) => window.received.push(message.data));
  port.start();
});
