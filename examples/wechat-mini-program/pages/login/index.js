const { signIn } = require('../../merchant.js');

Page({
  // The game's page shows itself again with a new ticket.
  async onLoad() {
    await signIn();
    wx.navigateBack();
  },
});
