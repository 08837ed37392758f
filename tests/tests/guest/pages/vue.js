// Two routes in Vue 3: one carries a widget.

import { createApp, h, onMounted, onUnmounted, ref } from 'vue';

const Shop = {
  setup() {
    const route = ref(location.hash);
    const changed = () => (route.value = location.hash);
    onMounted(() => addEventListener('hashchange', changed));
    onUnmounted(() => removeEventListener('hashchange', changed));
    const wheel = { store: 'acme', activity: 'wheel', 'token-url': '/shop/token', 'onFunfair-result': heard };
    return () => (route.value === '#/wheel' ? h('funfair-spin-wheel', wheel, 'Fallback') : h('p', 'Home'));
  },
};

function heard() {
  seen.heard = (seen.heard || 0) + 1;
}

createApp(Shop).mount('#app');
