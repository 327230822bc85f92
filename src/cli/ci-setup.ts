/** What `keysift init` has for each CI system: the job that runs `keysift ci` in a whole clone, and the file that it belongs into. */
import { VERSION } from '../report/version.ts';
import { SYSTEM_NAMES, type CiSystem } from './ci-environment.ts';

export type CiChoice = Exclude<CiSystem, 'plain'>;

export interface CiSetup {
  /** What the repository holds where the system is used. */
  readonly sign: string;
  readonly file: string;
  /** A file of its own is written; a job for a file of others is shown. */
  readonly isWhole: boolean;
  readonly text: string;
}

const COMMAND = `npx --yes keysift@${VERSION} ci`;

export const CI_SETUPS: Readonly<Record<CiChoice, CiSetup>> = {
  github: {
    sign: '.github',
    file: '.github/workflows/keysift.yml',
    isWhole: true,
    text: `name: keysift
on:
  pull_request:
  push:
  merge_group:
permissions:
  contents: read
jobs:
  keysift:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0 # the whole history: a shallow clone is an error
          persist-credentials: false
      - uses: actions/setup-node@v4
        with:
          node-version: 22
      - run: ${COMMAND}
`,
  },
  gitlab: {
    sign: '.gitlab-ci.yml',
    file: '.gitlab-ci.yml',
    isWhole: false,
    text: `keysift:
  stage: test
  image: node:22
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH && $CI_OPEN_MERGE_REQUESTS
      when: never
    - if: $CI_COMMIT_BRANCH
    - if: $CI_COMMIT_TAG
  variables:
    GIT_DEPTH: '0'
  script:
    - ${COMMAND}
  artifacts:
    when: always
    reports:
      secret_detection: gl-secret-detection-report.json
`,
  },
  azure: {
    sign: 'azure-pipelines.yml',
    file: 'azure-pipelines.yml',
    isWhole: false,
    text: `steps:
  - checkout: self
    fetchDepth: 0
  - task: UseNode@1
    inputs:
      version: 22.x
  - script: ${COMMAND}
`,
  },
  bitbucket: {
    sign: 'bitbucket-pipelines.yml',
    file: 'bitbucket-pipelines.yml',
    isWhole: false,
    text: `definitions:
  steps:
    - step: &keysift
        name: keysift
        image: node:22
        clone:
          depth: full
        script:
          - ${COMMAND}
pipelines:
  default:
    - step: *keysift
  pull-requests:
    '**':
      - step: *keysift
`,
  },
  jenkins: {
    sign: 'Jenkinsfile',
    file: 'Jenkinsfile',
    isWhole: false,
    text: `stage('keysift') {
  steps {
    sh '${COMMAND}'
  }
}
`,
  },
  circleci: {
    sign: '.circleci/config.yml',
    file: '.circleci/config.yml',
    isWhole: false,
    text: `jobs:
  keysift:
    docker:
      - image: cimg/node:lts
    steps:
      - checkout:
          method: full
      - run: ${COMMAND}
workflows:
  keysift:
    jobs:
      - keysift
`,
  },
  buildkite: {
    sign: '.buildkite',
    file: '.buildkite/pipeline.yml',
    isWhole: false,
    text: `steps:
  - label: keysift
    command: ${COMMAND}
`,
  },
};

export const CI_CHOICES = Object.keys(CI_SETUPS) as CiChoice[];

/** For a person: into which file the job belongs. */
export function ciAdvice(choice: CiChoice): string {
  const { file, text } = CI_SETUPS[choice];
  return `For ${SYSTEM_NAMES[choice]}, add to ${file}:\n${text}`;
}
