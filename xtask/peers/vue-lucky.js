// The wheel of lucky-canvas.js as a Vue page has it.
import { LuckyWheel } from 'lucky-canvas';
import { createApp, h, nextTick, ref, shallowRef } from 'vue/dist/vue.runtime.esm-bundler.js';
import { blocks, buttons, defaultConfig, prizes, size, spin } from './lucky.js';
import { open, places } from './page.js';

function wheel({ labels, mayPlay, play }) {
  return {
    setup() {
      const around = ref(null);
      const shown = shallowRef(null);
      const may = ref(false);
      let wheel;
      labels.then(async (labels) => {
        shown.value = prizes(labels);
        await nextTick();
        const settings = { blocks, prizes: shown.value, buttons, defaultConfig };
        wheel = new LuckyWheel({ divElement: around.value, ...size }, settings);
      });
      mayPlay.then((it) => (may.value = it));
      const onClick = () => spin(wheel, play());
      return () =>
        shown.value && [
          h('div', { ref: around }),
          h('button', { disabled: !may.value, onClick }, 'Spin'),
        ];
    },
  };
}

// Asked before anything is rendered, for no page need wait for that.
for (const place of places()) {
  const asked = open(place);
  createApp(wheel(asked)).mount(place);
}
