// A thread's module that cannot be loaded.
throw new Error('this module cannot be loaded');
