// What both peers draw: the same six prizes and the same question to a server.

const names = ['5 points', 'A coupon', '20 points', 'Free shipping', '50 points', 'A mug'];

export const blocks = [{ padding: '10px', background: '#b91c1c' }];
export const prizes = names.map((text, index) => ({
  background: index % 2 ? '#fef3c7' : '#fde68a',
  fonts: [{ text, top: '15%', fontSize: '14px' }],
}));
export const buttons = [
  { radius: '40%', background: '#b91c1c' },
  { radius: '30%', background: '#fff', pointer: true, fonts: [{ text: 'Spin', top: '-10px' }] },
];

/** Which prize it is. */
export async function draw() {
  const answer = await fetch('/draw', { method: 'POST' });
  return (await answer.json()).prize;
}
