// Shopify's own sign-in, when the wheel asks for a member; then back to this page.
document.addEventListener('funfair-login-required', ({ target }) => {
  const login = new URL(target.dataset.login, location.href);
  login.searchParams.set('return_url', location.pathname + location.search);
  location.assign(login);
});
