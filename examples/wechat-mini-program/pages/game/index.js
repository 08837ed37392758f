const { origin, ticket } = require('../../merchant.js');

// A token lives five minutes at most; the page gets the next one before.
const REFRESH_MS = 180000;

Page({
  data: { src: '' },
  onLoad({ activity, url }) {
    const own = `${origin}/game`;
    const shared = decodeURIComponent(url || '');
    // A link that somebody sent leads to this shop's page or nowhere.
    this.url = shared.startsWith(`${own}?`) ? shared : `${own}?activity=${encodeURIComponent(activity)}`;
  },
  onShow() {
    this.signIn();
    this.timer = setInterval(() => this.signIn(), REFRESH_MS);
  },
  onHide() {
    clearInterval(this.timer);
  },
  onUnload() {
    clearInterval(this.timer);
  },
  // Only what stands after # changes, so the page stays and hears of it.
  async signIn() {
    this.setData({ src: `${this.url}#funfair-ticket=${await ticket()}` });
  },
  // WeChat hands messages over as the shopper shares or leaves, all of them at once.
  said({ detail }) {
    for (const { funfair, url } of detail.data) if (funfair === 'share') this.shared = url;
  },
  onShareAppMessage() {
    const url = encodeURIComponent(this.shared || this.url);
    return { title: '幸运大转盘', path: `/pages/game/index?url=${url}` };
  },
});
