/** Options of cli-table3 for a table of text alone, without lines or padding. */
export const BORDERLESS = {
  chars: {
    ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
    ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
    ...{ left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '' },
    middle: '',
  },
  style: { 'padding-left': 0, 'padding-right': 0 },
};
