// The console: what a program prints, as it comes. In: texts. Out: an element that follows them.

const MOST = 400_000;

/** `visit(file, line)` is called where a line of a traceback is chosen; `source(file, line)` gives its text. */
export function createConsole(element, visit, source) {
  let size = 0, cut = false;

  function follow(change) {
    const frame = element.parentElement;
    const atEnd = frame.scrollHeight - frame.scrollTop - frame.clientHeight < 40;
    change();
    if (atEnd) frame.scrollTop = frame.scrollHeight;
  }

  function add(text, kind) {
    const last = element.lastChild;
    if (last?.className === kind && last.textContent.length < 20_000) {
      last.firstChild.appendData(text);
    } else {
      const part = document.createElement("span");
      part.className = kind;
      part.append(document.createTextNode(text));
      element.append(part);
    }
    size += text.length;
    // What is older than what anybody reads back to goes.
    while (size > MOST && element.childNodes.length > 1) {
      size -= element.firstChild.textContent.length;
      element.firstChild.remove();
      cut = true;
    }
    if (cut && element.dataset.cut === undefined) element.dataset.cut = "";
  }

  let waiting = [], due = false;
  // What is printed in one frame is added at once: laying it out is what costs.
  const flush = () => {
    due = false;
    const parts = waiting;
    waiting = [];
    if (parts.length > 0) follow(() => parts.forEach(([text, kind]) => add(text, kind)));
  };

  return {
    flush,
    clear() {
      waiting = [];
      element.replaceChildren();
      delete element.dataset.cut;
      size = 0;
      cut = false;
    },
    print(text, stream) {
      const kind = stream === 2 ? "err" : "out";
      if (waiting.at(-1)?.[1] === kind) waiting.at(-1)[0] = (waiting.at(-1)[0] + text).slice(-MOST);
      else waiting.push([text, kind]);
      if (!due) requestAnimationFrame(flush);
      due = true;
    },
    note(text) {
      flush();
      follow(() => add(text, "note"));
    },
    /** A traceback with the lines that it names; each can be visited. */
    traceback(text) {
      flush();
      follow(() => {
        const block = document.createElement("span");
        block.className = "traceback";
        for (const line of text.split("\n")) {
          const found = /^ {2}File "(.*)", line (\d+), in (.*)$/.exec(line);
          if (!found) {
            const part = document.createElement("span");
            part.className = /^Traceback|^ {2}|^$/.test(line) ? "" : "last";
            part.textContent = `${line}\n`;
            block.append(part);
            continue;
          }
          const [, file, number, name] = found;
          const link = document.createElement("button");
          link.type = "button";
          link.className = "frame";
          link.textContent = `File "${file}", line ${number}, in ${name}`;
          link.addEventListener("click", () => visit(file, Number(number)));
          const code = source(file, Number(number));
          block.append("  ", link, `\n${code ? `    ${code}\n` : ""}`);
        }
        element.append(block);
      });
    },
  };
}
