// Builds trees with the npm package for the cases on standard input; answers on standard output.
const { StandardMerkleTree } = require("@openzeppelin/merkle-tree");

const cases = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const answers = cases.map(({ values, types, sortLeaves, dump, single, several, ours }) => {
  const tree = StandardMerkleTree.of(values, types, { sortLeaves });
  const loaded = StandardMerkleTree.load(dump);
  loaded.validate(); // throws where a hash does not fit
  return {
    root: tree.root,
    loadedRoot: loaded.root,
    proofs: single.map((index) => tree.getProof(index)),
    multiProof: tree.getMultiProof([...several]),
    isOursVerified: StandardMerkleTree.verifyMultiProof(tree.root, types, ours),
    dump: tree.dump(),
  };
});
require("node:fs").writeFileSync(1, JSON.stringify(answers));
