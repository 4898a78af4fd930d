// Uploads a file with the real tus-js-client, in pieces, losing its connection in the middle and resuming from what the server says.
// Arguments: endpoint, path, "cookie: value" session, csrf token. Prints the upload's address.
import { createReadStream, statSync } from "node:fs";
import * as tus from "tus-js-client";

const [endpoint, path, cookie, token] = process.argv.slice(2);
const size = statSync(path).size;
const headers = { Cookie: `${cookie}; csrf=${token}`, "X-CSRFToken": token };

function send({ url, stopAt }) {
  return new Promise((resolve, reject) => {
    const upload = new tus.Upload(createReadStream(path), {
      endpoint,
      uploadUrl: url,
      uploadSize: size,
      chunkSize: 3 << 20,
      headers,
      metadata: { filename: "film.mp4", filetype: "video/mp4" },
      retryDelays: [0, 200, 500],
      onProgress(sent) {
        if (stopAt && sent >= stopAt && upload.url) {
          stopAt = 0;
          upload.abort().then(() => resolve(upload.url));
        }
      },
      onSuccess: () => resolve(upload.url),
      onError: reject,
    });
    upload.start();
  });
}

const url = await send({ stopAt: size / 2 });
console.log(await send({ url }));
