// Follows one run: its states, and the log of every job that is unfolded.
const byId = (id) => document.getElementById(id);
const FOLLOWED_AT_ONCE = 4; // a browser opens six connections to one address
const ENDED = ["succeeded", "failed", "system_failure", "skipped", "cancelled"];
const WITHOUT_LOG = ["waiting", "manual", "delayed"];
const boxes = new Map(); // by job id: its elements, and how much of its log is shown
let run = null;

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// Without the name and password that an address may have carried: fetch refuses those.
const ask = async (path) => (await fetch(new URL(path, location.origin))).json();

function leftBy(job, left) {
  if (!left) return [];
  const parts = [];
  if (left.tests) parts.push(`, ${left.tests.total} tests, ${left.tests.failed} failed`);
  if (left.release) parts.push(`, released ${left.release}`);
  if (left.coverage) parts.push(`, coverage ${left.coverage} %`);
  for (const name of left.names ?? []) {
    const href = `/api/v1/artifacts/zip?job=${encodeURIComponent(job.id)}&name=${encodeURIComponent(name)}`;
    parts.push(element("a", { href, textContent: ` ${name}.zip` }));
  }
  return parts;
}

function summary(job, left) {
  const steps = job.steps.filter((s) => s.exitCode !== null).length;
  const text = [
    ` ${steps} steps done`,
    job.attempt > 1 ? `, attempt ${job.attempt}` : "",
    job.warning ? ", allowed to fail" : "",
    job.waitingFor ? `, ${job.waitingFor}` : "",
  ].join("");
  const parts = [`${job.stage} / ${job.name} `, element("b", { className: job.state, textContent: job.state }), text];
  if (job.child) parts.push(element("a", { href: `/runs/${job.child}`, textContent: " triggered run" }));
  return [...parts, ...leftBy(job, left)];
}

function boxOf(job) {
  let box = boxes.get(job.id);
  if (!box) {
    const head = element("summary");
    const log = element("pre", { className: "log" });
    box = { head, log, fold: element("details", {}, head, log), stream: "", shown: 0, whole: null, touched: false, following: false };
    head.addEventListener("click", () => { box.touched = true; });
    box.fold.addEventListener("toggle", () => followOpen());
    byId("jobs").append(box.fold);
    boxes.set(job.id, box);
  }
  if (box.stream !== job.logStream) {
    box.stream = job.logStream; // another attempt: its log starts anew
    box.shown = 0;
    box.log.replaceChildren();
  }
  return box;
}

const worthASight = (job) => run.jobs.length === 1 || ["running", "failed", "system_failure"].includes(job.state);

function show(answer) {
  run = answer.run;
  document.querySelector("h1 b").textContent = run.state;
  document.querySelector("h1 b").className = run.state;
  byId("waiting").textContent = run.endedAt ? "" : run.waitingFor;
  byId("failure").textContent = run.failure ?? "";
  const until = run.endedAt ? new Date(run.endedAt) : new Date();
  byId("took").textContent = `${((until - new Date(run.createdAt)) / 1000).toFixed(1)} s`;
  for (const job of run.jobs) {
    const box = boxOf(job);
    box.head.replaceChildren(...summary(job, answer.left?.[job.id]));
    if (!box.touched) box.fold.open = worthASight(job);
  }
  followOpen();
}

function append(box, lines) {
  const atEnd = window.innerHeight + window.scrollY >= document.body.offsetHeight - 40;
  for (const line of lines) {
    box.log.append(element("time", { textContent: line.at.slice(11, 23) }), line.text + "\n");
  }
  if (atEnd && lines.length && !run.endedAt) window.scrollTo(0, document.body.scrollHeight);
}

async function followJob(id, box) {
  box.following = true;
  try {
    while (box.fold.open) {
      const stream = box.stream;
      const answer = await ask(`/runs/${RUN}/log?stream=${encodeURIComponent(stream)}&offset=${box.shown}`);
      if (box.stream !== stream) continue;
      append(box, answer.lines);
      box.shown += answer.lines.length;
      show(answer);
      const job = run.jobs.find((j) => j.id === id);
      if (!answer.lines.length && ENDED.includes(job.state)) box.whole = stream;
      if (box.whole === stream) break;
    }
    box.following = false;
    followOpen();
  } catch { // the house is away: it comes back
    setTimeout(() => { box.following = false; followOpen(); }, 2000);
  }
}

function followOpen() {
  let free = FOLLOWED_AT_ONCE - [...boxes.values()].filter((box) => box.following).length;
  for (const job of run.jobs) {
    const box = boxes.get(job.id);
    const wanted = box.fold.open && box.stream && box.whole !== box.stream && !WITHOUT_LOG.includes(job.state);
    if (free > 0 && wanted && !box.following) {
      free--;
      followJob(job.id, box);
    }
  }
}

async function follow() {
  do {
    show(await ask(`/runs/${RUN}/state?seen=${run?.state ?? ""}`));
  } while (!run.endedAt);
}
follow().catch(() => setTimeout(() => location.reload(), 2000));
