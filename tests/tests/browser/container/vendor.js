// What a mini-program's container puts on the page of its web view, with the timing of its messages:
// WeChat and Douyin hand them over when the page is left or shared, as a list; Alipay hands each over
// at once, and what its native page says before this page has spoken is lost.
(() => {
  const agents = {
    weixin: 'Mozilla/5.0 MicroMessenger/8.0.49 miniProgram/wx0',
    douyin: 'Mozilla/5.0 aweme_30 ToutiaoMicroApp/3.0 toutiaomicroapp',
    alipay: 'Mozilla/5.0 AliApp(AP/10.5.96) AlipayClient/10.5.96 MiniProgram',
  };
  const as = new URL(location.href).searchParams.get('as') || 'weixin';
  if (!agents[as]) return;
  Object.defineProperty(navigator, 'userAgent', { get: () => agents[as] });

  // Alone on its page, there is a record in the native pages' place.
  const record = { went: [], left: 0, heard: [] };
  record.navigateTo = ({ url }) => record.went.push(url);
  record.navigateBack = () => (record.left += 1);
  record.hear = (messages) => record.heard.push(messages);
  const native = parent === window ? (window.native = record) : parent.native;

  const waiting = [];
  const hand = () => waiting.length && native.hear(waiting.splice(0));
  const copy = (message) => JSON.parse(JSON.stringify(message));
  let spoken = false;
  const container = {
    navigateTo: (to) => native.navigateTo(to),
    navigateBack: (by) => {
      hand();
      native.navigateBack(by);
    },
    postMessage: (message) => {
      spoken = true;
      if (as === 'alipay') native.hear([copy(message)]);
      else waiting.push(copy(message.data));
    },
  };
  /** The shopper shares by the container's own menu. */
  native.share = hand;
  /** The native page says something. */
  native.say = (message) => spoken && container.onMessage && container.onMessage(copy(message));
  if (as === 'weixin') window.wx = { miniProgram: container };
  if (as === 'douyin') window.tt = { miniProgram: container };
  if (as === 'alipay') window.my = container;
})();
