// What a review keeps back while it is open, for those who come from the side of reviews. It stands in `open`: every use case asks it.

export { WithheldError } from '../open/command-error.ts';
export { type OpenReview, openReviews } from '../open/open-reviews.ts';
export { refuseWithheld, withheldNow } from '../open/withheld.ts';
