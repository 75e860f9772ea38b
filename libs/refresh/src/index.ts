export {
	type RefreshHistory,
	type RefreshHooks,
	type RefreshRequest,
	refreshSequenceGenerator,
} from "./refresh.js";
