export { memoryStore } from '../../shared/state/memory-store.ts';
