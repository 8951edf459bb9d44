// Builds trees with the npm package for the cases on standard input; answers on standard output.
const { StandardMerkleTree } = require("@openzeppelin/merkle-tree");

const cases = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const answers = cases.map(({ values, types, sortLeaves, dump }) => {
  const tree = StandardMerkleTree.of(values, types, { sortLeaves });
  const loaded = StandardMerkleTree.load(dump); // throws where a hash does not fit
  return {
    root: tree.root,
    loadedRoot: loaded.root,
    proofs: values.map((_, index) => tree.getProof(index)),
    dump: tree.dump(),
  };
});
require("node:fs").writeSync(1, JSON.stringify(answers));
