/** In place of Next's, which needs its server or export around it. */
export const useRouter = () => ({ push: () => {}, replace: () => {}, back: () => {} });
export const usePathname = () => "/chats/";
