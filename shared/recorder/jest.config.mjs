export { default } from '@memberpass/testing/jest';
