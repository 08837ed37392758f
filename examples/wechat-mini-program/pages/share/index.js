Page({
  onLoad({ url }) {
    this.url = url;
  },
  onShareAppMessage() {
    return { title: '幸运大转盘', path: `/pages/game/index?url=${this.url}` };
  },
});
