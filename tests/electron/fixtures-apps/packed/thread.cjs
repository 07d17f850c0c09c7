require('node:worker_threads').parentPort.postMessage('from a thread');
