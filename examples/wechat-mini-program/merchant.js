// The merchant's server, as the mini-program knows it. It alone holds keys.
const { origin } = require('./config.js');

let session = '';

function ask(method, path, data) {
  return new Promise((resolve, reject) => {
    const header = { authorization: session };
    const success = ({ statusCode, data }) => (statusCode === 200 ? resolve(data) : reject(statusCode));
    wx.request({ method, url: origin + path, data, header, success, fail: reject });
  });
}

/** Signs in by the shopper's WeChat account. */
async function signIn() {
  const { code } = await wx.login();
  session = (await ask('POST', '/login', { code })).session;
}

/** An answer of the server for whoever is signed in. */
async function own(method, path) {
  if (!session) await signIn();
  return ask(method, path, {});
}

module.exports = {
  origin,
  signIn,
  ticket: async () => (await own('POST', '/ticket')).ticket,
  points: async () => (await own('GET', '/points')).points,
};
