require('./facts.cjs')().then((facts) => process.parentPort.postMessage(facts));
