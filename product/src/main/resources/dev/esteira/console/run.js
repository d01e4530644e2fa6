const byId = (id) => document.getElementById(id);
const offsets = {};

function leftBy(item, job, left) {
  if (!left) return;
  if (left.tests) item.append(`, ${left.tests.total} tests, ${left.tests.failed} failed`);
  if (left.coverage) item.append(`, coverage ${left.coverage} %`);
  for (const name of left.names ?? []) {
    const link = document.createElement("a");
    link.href = `/api/v1/artifacts/zip?job=${encodeURIComponent(job.id)}&name=${encodeURIComponent(name)}`;
    link.textContent = ` ${name}.zip`;
    item.append(link);
  }
}

function show(run, left) {
  byId("state").textContent = run.state;
  byId("state").className = run.state;
  byId("waiting").textContent = run.endedAt ? "" : run.waitingFor;
  byId("failure").textContent = run.failure ?? "";
  byId("jobs").replaceChildren(...run.jobs.map((job) => {
    const item = document.createElement("li");
    const state = document.createElement("b");
    state.className = state.textContent = job.state;
    const steps = job.steps.filter((s) => s.exitCode !== null).length;
    item.append(`${job.stage} / ${job.name} `, state, ` ${steps} steps done` + (job.attempt > 1 ? `, attempt ${job.attempt}` : "") +
      (job.warning ? ", allowed to fail" : "") + (job.waitingFor ? `, ${job.waitingFor}` : ""));
    if (job.child) {
      const child = document.createElement("a");
      child.href = `/runs/${job.child}`;
      child.textContent = " triggered run";
      item.append(child);
    }
    leftBy(item, job, left?.[job.id]);
    return item;
  }));
}

function append(lines) {
  const log = byId("log");
  const atEnd = window.innerHeight + window.scrollY >= document.body.offsetHeight - 40;
  for (const line of lines) {
    const time = document.createElement("time");
    time.textContent = line.at.slice(11, 23);
    log.append(time, line.text + "\n");
  }
  if (atEnd && lines.length) window.scrollTo(0, document.body.scrollHeight);
}

async function follow() {
  let streams = [""];
  for (;;) {
    let run, left, got = 0;
    for (const stream of streams) {
      const offset = offsets[stream] ?? 0;
      const answer = await (await fetch(`/runs/${RUN}/log?stream=${encodeURIComponent(stream)}&offset=${offset}`)).json();
      run = answer.run;
      left = answer.left;
      append(answer.lines);
      got += answer.lines.length;
      offsets[stream] = offset + answer.lines.length;
      show(run, left);
    }
    const known = run.jobs.filter((j) => j.logStream && !["waiting", "manual", "delayed"].includes(j.state)).map((j) => j.logStream);
    const fresh = known.some((s) => !streams.includes(s));
    if (run.endedAt && !got && !fresh) return;
    streams = known.length ? known : [""];
  }
}
follow().catch(() => setTimeout(() => location.reload(), 2000));
