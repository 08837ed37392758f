//! A widget as a guest on somebody else's page: hostile, crowded, slow or half broken. Chromium
//! alone: nodes, listeners, memory and the processor's time are counted by its `DevTools`.

mod calm;
mod errors;
mod guest;
mod hostile;
mod life;
mod routes;
mod tasks;
