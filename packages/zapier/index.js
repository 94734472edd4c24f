/* global module, require */
// Zapier's wrapper for CommonJS apps loads the index.js beside package.json, whatever "main" says.
module.exports = require('./dist/index.js');
