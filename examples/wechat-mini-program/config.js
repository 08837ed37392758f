// Where the merchant's server is: a request domain and a business domain of the mini-program.
module.exports = { origin: 'https://shop.example' };
