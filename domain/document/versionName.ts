/** Characters that the name of a version may have. Apart from the document, so that contracts load none. */
export const MAX_VERSION_NAME = 120;
