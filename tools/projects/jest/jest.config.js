// Modules are run as they are: `node --experimental-vm-modules node_modules/jest/bin/jest.js`.
export default { transform: {} };
