import type { ReactNode } from 'react';
import { useId } from 'react';
import {
  Checkbox as AriaCheckbox,
  RadioGroup as AriaRadioGroup,
  Select as AriaSelect,
  Button,
  ListBox,
  ListBoxItem,
  Popover,
  Radio,
  SelectValue,
} from 'react-aria-components';
import { type FieldFrame, FieldLabel, FieldNotes } from './Field.tsx';
import { Check, ChevronDown } from './icons.ts';

export interface Option {
  readonly id: string;
  readonly label: string;
  readonly note?: string;
}

interface ChoiceProps extends FieldFrame {
  readonly id?: string;
  readonly options: readonly Option[];
  readonly value: string | null;
  readonly onChange: (id: string) => void;
  readonly isReadOnly?: boolean;
}

/** One of a list that is too long to lie open. */
export function SelectField(props: ChoiceProps & { readonly placeholder: string }) {
  const own = useId();
  const id = props.id ?? own;
  const notes = `${id}-notes`;
  const label = `${id}-label`;
  return (
    <AriaSelect
      className="field"
      value={props.value}
      onChange={(key) => key !== null && props.onChange(String(key))}
      isDisabled={props.isReadOnly ?? false}
      isInvalid={Boolean(props.error)}
      isRequired={props.isRequired ?? false}
      validationBehavior="aria"
      aria-labelledby={label}
      aria-describedby={notes}
      placeholder={props.placeholder}
    >
      <FieldLabel id={label} label={props.label} aside={props.aside} isRequired={props.isRequired ?? false} />
      <Button id={id} className={`input select ${props.error ? 'is-error' : ''}`}>
        <SelectValue className="select-value clip" />
        <ChevronDown className="icon" aria-hidden />
      </Button>
      <FieldNotes id={notes} help={props.help} error={props.error} />
      <Popover className="popover select-popover" offset={4}>
        <ListBox className="options" items={props.options}>
          {(option) => <OptionItem option={option} />}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}

/** An option of a list: label, second line, tick when chosen. */
export function OptionItem({ option }: { readonly option: Option }) {
  return (
    <ListBoxItem id={option.id} textValue={option.label} className="option">
      {({ isSelected }) => (
        <>
          <span className="grow">
            {option.label}
            {option.note && <span className="option-note">{option.note}</span>}
          </span>
          {isSelected && <Check className="icon icon-s" aria-hidden />}
        </>
      )}
    </ListBoxItem>
  );
}

/** One of a few, all visible. */
export function RadioField(props: ChoiceProps) {
  const own = useId();
  const id = props.id ?? own;
  const notes = `${id}-notes`;
  const label = `${id}-label`;
  return (
    <AriaRadioGroup
      id={id}
      className="field"
      value={props.value}
      onChange={props.onChange}
      isReadOnly={props.isReadOnly ?? false}
      isInvalid={Boolean(props.error)}
      isRequired={props.isRequired ?? false}
      validationBehavior="aria"
      orientation="horizontal"
      aria-labelledby={label}
      aria-describedby={notes}
    >
      <FieldLabel id={label} label={props.label} aside={props.aside} isRequired={props.isRequired ?? false} />
      <span className="radios">
        {props.options.map((option) => (
          <Radio key={option.id} value={option.id} className="check">
            <span className="dot" aria-hidden />
            <span>{option.label}</span>
          </Radio>
        ))}
      </span>
      <FieldNotes id={notes} help={props.help} error={props.error} />
    </AriaRadioGroup>
  );
}

/** A statement somebody agrees to, or a yes/no. */
export function Checkbox({
  isOn,
  onChange,
  children,
  isReadOnly = false,
  error,
  autoFocus = false,
}: {
  readonly isOn: boolean;
  readonly onChange: (on: boolean) => void;
  readonly children: ReactNode;
  readonly isReadOnly?: boolean;
  readonly error?: string | undefined;
  readonly autoFocus?: boolean;
}) {
  const notes = useId();
  return (
    <div className="field">
      <AriaCheckbox
        className="check"
        isSelected={isOn}
        onChange={onChange}
        isReadOnly={isReadOnly}
        isInvalid={Boolean(error)}
        autoFocus={autoFocus}
        {...(error ? { 'aria-describedby': notes } : {})}
      >
        <span className="box" aria-hidden>
          <Check className="icon icon-s" />
        </span>
        <span>{children}</span>
      </AriaCheckbox>
      {error && <FieldNotes id={notes} error={error} />}
    </div>
  );
}
