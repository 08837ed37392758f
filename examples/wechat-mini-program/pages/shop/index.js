const { points } = require('../../merchant.js');

Page({
  data: { points: '' },
  // On the way back from the game, too: what was won is on the server, and read there.
  async onShow() {
    this.setData({ points: await points() });
  },
  play() {
    wx.navigateTo({ url: '/pages/game/index?activity=double11' });
  },
});
