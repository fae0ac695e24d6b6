import type { Random } from '../../time/random.ts'

const LEFT =
  'admiring adoring amazing awesome blissful bold brave busy charming clever cool compassionate confident cranky crazy dazzling determined dreamy eager ecstatic elastic elated elegant epic exciting fervent festive flamboyant focused friendly frosty funny gallant gifted goofy gracious great happy hardcore heuristic hopeful hungry infallible inspiring interesting intelligent jolly jovial keen kind laughing loving lucid magical modest musing mystifying naughty nervous nice nifty nostalgic objective optimistic peaceful pedantic pensive practical priceless quirky quizzical recursing relaxed reverent romantic serene sharp silly sleepy stoic strange stupefied suspicious sweet tender thirsty trusting unruffled upbeat vibrant vigilant vigorous wizardly wonderful xenodochial youthful zealous zen'.split(
    ' ',
  )
const RIGHT =
  'agnesi albattani allen almeida archimedes aryabhata austin babbage banach banzai bardeen bartik bassi beaver bell benz bhabha bhaskara bohr booth bose bouman boyd brahmagupta brattain brown buck burnell cannon carson cartwright cerf chandrasekhar chaum clarke cohen colden cori cray curie curran darwin davinci dewdney dijkstra diffie driscoll edison einstein elbakyan elgamal elion ellis engelbart euclid euler faraday feistel fermat fermi feynman franklin gagarin galileo galois gates gauss germain goldberg goldstine goldwasser golick goodall gould greider grothendieck haibt hamilton haslett hawking heisenberg hermann herschel hertz hodgkin hoover hopper hugle hypatia jackson jang jemison jennings jepsen johnson joliot jones kalam kapitsa keller kepler khayyam khorana kilby kirch knuth lalande lamarr lamport leakey leavitt lehmann lewin lovelace lumiere mahavira margulis matsumoto maxwell mayer mccarthy mcclintock mclaren mclean mcnulty meitner mendel mendeleev merkle mestorf mirzakhani moore morse murdock neumann newton nightingale nobel noether northcutt noyce panini pare pascal pasteur payne perlman pike poincare poitras ptolemy raman ramanujan rhodes ride ritchie roentgen rosalind rubin saha sammet satoshi shannon shaw shirley shockley sinoussi snyder spence stonebraker swanson swartz swirles tesla tharp thompson torvalds tu turing varahamihira vaughan villani visvesvaraya volhard wescoff wilbur wiles williams wilson wing wozniak wright wu yalow yonath zhukovsky'.split(
    ' ',
  )

/** `priceless_thompson`: a name nobody uses yet. */
export function randomName(random: Random, taken: (name: string) => boolean): string {
  for (let tries = 0; ; tries++) {
    const name = `${random.pick(LEFT)}_${random.pick(RIGHT)}${tries > 5 ? random.int(0, 9) : ''}`
    if (!taken(name)) return name
  }
}
