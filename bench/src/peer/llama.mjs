// Runs the tests of llama-bench on llama.cpp, through the prebuilt CPU binary of node-llama-cpp.
// Takes llama-bench's flags and prints one JSON object with every sample.
import { parseArgs } from "node:util";
import { availableParallelism } from "node:os";
import { getLlama, LlamaLogLevel } from "node-llama-cpp";

const BATCH = 512;
const FIRST_WORD = 300; // behind specials and bytes in every vocabulary

const { values: options } = parseArgs({
  options: {
    model: { type: "string", short: "m" },
    "n-prompt": { type: "string", short: "p", default: "512" },
    "n-gen": { type: "string", short: "n", default: "128" },
    repetitions: { type: "string", short: "r", default: "5" },
    threads: { type: "string", short: "t", default: String(availableParallelism()) },
    output: { type: "string", short: "o", default: "json" },
  },
});
if (options.model === undefined || options.output !== "json") {
  console.error("usage: llama.mjs -m FILE [-p N] [-n N] [-r N] [-t N] [-o json]");
  process.exit(2);
}
const prompt = Number(options["n-prompt"]);
const generated = Number(options["n-gen"]);
const repetitions = Number(options.repetitions);
const threads = Number(options.threads);

// Standard output belongs to the result.
const llama = await getLlama({
  gpu: false,
  build: "never",
  maxThreads: threads,
  logLevel: LlamaLogLevel.error,
  logger: (level, message) => console.error(message),
});
const model = await llama.loadModel({ modelPath: options.model, gpuLayers: 0 });
const context = await model.createContext({
  contextSize: Math.max(prompt, generated + 1, BATCH) + 8,
  batchSize: BATCH,
  threads,
});
const sequence = context.getSequence();

async function timePrompt() {
  await sequence.clearHistory();
  const tokens = Array.from({ length: prompt }, (_, i) => FIRST_WORD + ((i * 7919) % 997) % 200);
  const start = performance.now();
  await sequence.evaluateWithoutGeneratingNewTokens(tokens);
  return (performance.now() - start) / 1000;
}

// Greedy: choosing the largest logit is part of the time, a few tenths of a percent.
async function timeGeneration() {
  await sequence.clearHistory();
  let count = 0;
  const start = performance.now();
  for await (const _ of sequence.evaluate([FIRST_WORD], { temperature: 0, yieldEogToken: true })) {
    if (++count === generated) {
      break;
    }
  }
  const seconds = (performance.now() - start) / 1000;
  if (count < generated) {
    throw new Error(`generation stopped after ${count} of ${generated} tokens`);
  }
  return seconds;
}

async function run(test, nPrompt, nGen, time) {
  await time();
  const samples = [];
  for (let i = 0; i < repetitions; i++) {
    samples.push((nPrompt + nGen) / (await time()));
  }
  return { test, n_prompt: nPrompt, n_gen: nGen, depth: 0, samples_ts: samples };
}

const results = [];
if (prompt > 0) {
  results.push(await run(`pp${prompt}`, prompt, 0, timePrompt));
}
if (generated > 0) {
  results.push(await run(`tg${generated}`, 0, generated, timeGeneration));
}
console.log(JSON.stringify({
  provider: "llama.cpp",
  engine: llama.llamaCppRelease,
  system: llama.systemInfo,
  threads: context.currentThreads,
  results,
}));
await llama.dispose();
