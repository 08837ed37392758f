// The block in the editor: its two settings. What shoppers see is made by the server (`funfair_element`).
(({ blocks, blockEditor, components, element }) => {
  const { createElement: h } = element;
  const kinds = ['card-collecting', 'guess-price', 'poll', 'sign-in-calendar', 'spin-wheel'];
  const options = kinds.map((kind) => ({ label: kind, value: kind }));

  function edit({ attributes: { kind, activity }, setAttributes }) {
    return h(
      'div',
      blockEditor.useBlockProps(),
      h(
        components.Placeholder,
        { icon: 'games', label: 'Funfair' },
        h(components.SelectControl, { label: 'Kind', value: kind, options, onChange: (kind) => setAttributes({ kind }) }),
        h(components.TextControl, { label: 'Activity', value: activity, onChange: (activity) => setAttributes({ activity }) }),
      ),
    );
  }

  blocks.registerBlockType('funfair/activity', { edit, save: () => null });
})(window.wp);
