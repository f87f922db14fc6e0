// A photograph on its way: made small enough for a weak line, what the camera wrote into it (EXIF) kept, and where the phone is.

const EDGE_MAX = 1_600; // pixels of the longer side: a name plate stays readable
const SMALL_BYTES = 400 * 1024; // what is this small is sent as it is
const QUALITY = 0.82;
const PLACE_MS = 15_000; // how long a phone may look for satellites

/** The segments before the picture itself: [marker, start, end). */
function* segments(bytes) {
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0xda) {
    const end = at + 2 + bytes[at + 2] * 256 + bytes[at + 3];
    yield [bytes[at + 1], at, end];
    at = end;
  }
}

/** The EXIF segment of a JPEG, as a copy; null where there is none. */
export function exifOf(bytes) {
  for (const [marker, start, end] of segments(bytes)) {
    if (marker === 0xe1 && String.fromCharCode(...bytes.slice(start + 4, start + 8)) === "Exif") return bytes.slice(start, end);
  }
  return null;
}

/** A picture that has been turned upright says so: nobody turns it a second time. */
function upright(exif) {
  const view = new DataView(exif.buffer, exif.byteOffset + 10); // behind marker, length and "Exif\0\0"
  try {
    const little = view.getUint16(0) === 0x4949;
    const table = view.getUint32(4, little);
    for (let i = 0; i < view.getUint16(table, little); i += 1) {
      const entry = table + 2 + i * 12;
      if (view.getUint16(entry, little) === 0x0112) view.setUint16(entry + 8, 1, little);
    }
  } catch {
    // A damaged table has no orientation.
  }
  return exif;
}

/** A photograph as it is sent. What this browser cannot read is sent as it came. */
export async function prepare(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const isJpeg = bytes[0] === 0xff && bytes[1] === 0xd8;
  if (isJpeg && file.size <= SMALL_BYTES) return { blob: file, name: file.name };
  let picture;
  try {
    picture = await createImageBitmap(file);
  } catch {
    return { blob: file, name: file.name };
  }
  const scale = Math.min(1, EDGE_MAX / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const small = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  if (!small) return { blob: file, name: file.name };
  const exif = isJpeg ? exifOf(bytes) : null;
  const name = file.name.replace(/\.[^.]*$/, "") + ".jpg";
  if (!exif) return { blob: small, name };
  const drawn = new Uint8Array(await small.arrayBuffer());
  return { blob: new Blob([drawn.slice(0, 2), upright(exif), drawn.slice(2)], { type: "image/jpeg" }), name };
}

/** Where the phone is, or why it does not say. Millionths of a degree: whole numbers travel unchanged. */
export function place() {
  if (!navigator.geolocation || !window.isSecureContext) return Promise.resolve({ no_place: "这个网址没有加密,手机不提供定位" });
  const why = { 1: "手机没有允许本页面定位", 2: "手机收不到定位信号", 3: "定位超过 15 秒没有结果" };
  return new Promise((resolve) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) =>
        resolve({
          point: { latitude: Math.round(coords.latitude * 1e6), longitude: Math.round(coords.longitude * 1e6) },
          accuracy: Math.round(coords.accuracy),
        }),
      (error) => resolve({ no_place: why[error.code] ?? why[2] }),
      { enableHighAccuracy: true, timeout: PLACE_MS, maximumAge: 30_000 },
    );
  });
}

/** A small view of a picture on a canvas: the policy of the pages lets no other picture in. */
export async function preview(blob, canvas) {
  try {
    const picture = await createImageBitmap(blob);
    const scale = Math.min(1, 160 / Math.max(picture.width, picture.height));
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
  } catch {
    canvas.remove();
  }
}
