/** The sizes of every notebook, per profile. The code of a notebook is the same in all three. */

export type ProfileName = "quick" | "standard" | "full";

/** All notebooks together: quick under 10 minutes on 2 cores, standard under 2 hours, full the published scale. */
export const profileNames: readonly ProfileName[] = ["quick", "standard", "full"];

const sizes = <S extends object>(perProfile: Record<ProfileName, S>): Record<ProfileName, S> => perProfile;

export const profiles = {
  "00-start-here": sizes({
    quick: { queries: 1000 },
    standard: { queries: 1000 },
    full: { queries: 1000 },
  }),
  "01-same-classifiers": sizes({
    quick: { queries: 1000, seeds: 5, fresh: 1000, curve: [50, 100, 200, 500, 1000] },
    standard: { queries: 1000, seeds: 10, fresh: 2000, curve: [50, 100, 200, 500, 1000, 2000, 5000] },
    full: { queries: 1000, seeds: 10, fresh: 5000, curve: [50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000] },
  }),
  "07-mnist-poisoning": sizes({
    quick: { curveStep: 5, impactRepetitions: 1, detectionStep: 20 },
    standard: { curveStep: 1, impactRepetitions: 5, detectionStep: 10 },
    full: { curveStep: 1, impactRepetitions: 20, detectionStep: 5 },
  }),
};

/** A notebook's name, as its file without `.ipynb`. */
export type NotebookName = keyof typeof profiles;
