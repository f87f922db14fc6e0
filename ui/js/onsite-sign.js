// A name written with the finger. Whoever cannot write there types it, and the picture says that it was typed.

const WIDTH = 600;
const HEIGHT = 220;
const PEN = 5;

const blobOf = (canvas) => new Promise((resolve) => canvas.toBlob(resolve, "image/png"));

function clean(canvas) {
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  pen.strokeStyle = pen.fillStyle = "#111";
  pen.lineWidth = PEN;
  pen.lineCap = pen.lineJoin = "round";
  return pen;
}

/** Puts a place to sign before a file field. `onChange` is given the picture, or null when it was wiped. */
export function signature({ label, id, onChange }) {
  const box = document.createElement("div");
  box.className = "sign";
  const canvas = Object.assign(document.createElement("canvas"), { width: WIDTH, height: HEIGHT });
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `${label}:还没有签`);
  const pen = clean(canvas);
  const wipe = Object.assign(document.createElement("button"), { type: "button", className: "button small", textContent: "清除重签" });
  const typed = Object.assign(document.createElement("input"), { id: `${id}-typed`, className: "text", maxLength: 20, autocomplete: "off" });
  const typedLabel = Object.assign(document.createElement("label"), { htmlFor: typed.id, textContent: "不能手写的,输入姓名(图中会注明)" });
  const says = (is) => canvas.setAttribute("aria-label", `${label}:${is ? "已签" : "还没有签"}`);
  const point = (event) => {
    const area = canvas.getBoundingClientRect();
    return [((event.clientX - area.left) / area.width) * WIDTH, ((event.clientY - area.top) / area.height) * HEIGHT];
  };
  let isDrawing = false;
  const changed = async (is) => {
    onChange(is ? await blobOf(canvas) : null);
    says(is);
  };
  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    isDrawing = true;
    typed.value = "";
    pen.beginPath();
    pen.moveTo(...point(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!isDrawing) return;
    pen.lineTo(...point(event));
    pen.stroke();
  });
  for (const name of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(name, () => {
      if (isDrawing) void changed(true);
      isDrawing = false;
    });
  }
  wipe.addEventListener("click", () => {
    clean(canvas);
    typed.value = "";
    void changed(false);
  });
  typed.addEventListener("change", () => {
    clean(canvas);
    const name = typed.value.trim();
    pen.font = "64px sans-serif";
    pen.fillText(name, 24, 120, WIDTH - 48);
    pen.font = "20px sans-serif";
    if (name) pen.fillText("(键盘输入)", 24, HEIGHT - 20);
    void changed(name !== "");
  });
  box.append(canvas, wipe, typedLabel, typed);
  const show = async (blob) => {
    pen.drawImage(await createImageBitmap(blob), 0, 0, WIDTH, HEIGHT);
    says(true);
  };
  return { box, show };
}
