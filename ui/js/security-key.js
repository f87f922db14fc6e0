// Asks a security key (WebAuthn) what the page wants to know, puts the answer into the hidden fields of the form, and sends it. The server
// verifies everything; nothing is decided here.

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const known = (keys) => keys.map((key) => ({ type: "public-key", id: bytes(key) }));

/** How long the browser waits; the server waits no longer than five minutes. */
const TIMEOUT_MS = 4 * 60 * 1000;

const ASKS = {
  /** A key that is not known yet. That it is a good one, its maker need not say: `attestation` stays "none". */
  async create(asked) {
    const made = await navigator.credentials.create({
      publicKey: {
        challenge: bytes(asked.challenge),
        rp: { id: asked.host, name: asked.site },
        user: { id: bytes(asked.user), name: asked.login, displayName: asked.name },
        pubKeyCredParams: asked.algorithms.map((alg) => ({ type: "public-key", alg })),
        excludeCredentials: known(asked.keys),
        authenticatorSelection: { residentKey: "discouraged", userVerification: "preferred" },
        attestation: "none",
        timeout: TIMEOUT_MS,
      },
    });
    return { client_data: made.response.clientDataJSON, attestation: made.response.attestationObject };
  },
  /** One of the person's keys. */
  async get(asked) {
    const given = await navigator.credentials.get({
      publicKey: {
        challenge: bytes(asked.challenge),
        rpId: asked.host,
        allowCredentials: known(asked.keys),
        userVerification: "preferred",
        timeout: TIMEOUT_MS,
      },
    });
    const { clientDataJSON, authenticatorData, signature } = given.response;
    return { credential: given.rawId, client_data: clientDataJSON, authenticator_data: authenticatorData, signature };
  },
};

/** What went wrong, by the name that browsers give it. */
const SAYS = {
  InvalidStateError: "这把安全密钥已经登记过,请换一把。",
  NotAllowedError: "没有完成:时间到了,或者您取消了。请再按一次按钮。",
  NotSupportedError: "这把安全密钥的签名算法本系统不支持,请换一把。",
  SecurityError: "从这个网址不能使用安全密钥。请用本系统公布的网址访问,或用动态码、恢复码。",
};

function prepare(form) {
  const says = form.querySelector("[data-ready]");
  const button = form.querySelector("button[type=submit]");
  if (!window.isSecureContext) {
    says.textContent = "这个网址没有加密(https),不能使用安全密钥。请用动态码、恢复码。";
    return;
  }
  if (!window.PublicKeyCredential) {
    says.textContent = "这个浏览器不支持安全密钥。请换一个新一些的浏览器,或用动态码、恢复码。";
    return;
  }
  says.textContent = says.dataset.ready;
  button.disabled = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    says.textContent = "请按浏览器的提示操作,触摸安全密钥或确认身份。";
    try {
      const answer = await ASKS[form.dataset.securityKey](JSON.parse(form.dataset.asked));
      for (const [name, value] of Object.entries(answer)) form.elements[name].value = text(value);
      form.submit();
    } catch (error) {
      says.textContent = SAYS[error.name] ?? "安全密钥没有应答。请重新插好再试,或用动态码、恢复码。";
      button.disabled = false;
    }
  });
}

for (const form of document.querySelectorAll("form[data-security-key]")) prepare(form);
