/** Begins a thread of the command line: the program that it is to run is named by its argument. */
'use strict';
require('./keysift.js').load(process.argv[2]);
